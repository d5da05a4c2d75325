/** A file as its writer leaves it, for the tests that every kind of log must pass. */
export interface LogSample {
  /** File name, as it is usual. */
  readonly name: string
  readonly lines: readonly string[]
  /** A line that no reader of this kind can read, to be put before the last one. */
  readonly broken: string
  /** Some of what it must tell, `subject field value`. */
  readonly tells: readonly string[]
}

/** Never to be told: user names, queries, communities that are secrets. All of them stand in the samples. */
export const SECRETS = ['joy.nurse', 'PATIENT=4711', 'h0rsest4ple', 'Sylvia Doe'] as const

const MAC = '00:09:fb:12:34:56'

/** One sample for each kind of log. */
export const LOG_SAMPLES: readonly LogSample[] = [
  {
    name: 'http.log',
    lines: [
      '#separator \\x09',
      '#set_separator\t,',
      '#empty_field\t(empty)',
      '#unset_field\t-',
      '#path\thttp',
      '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tmethod\thost\turi\tuser_agent\tstatus_code\tusername',
      '#types\ttime\tstring\taddr\tport\taddr\tport\tstring\tstring\tstring\tstring\tcount\tstring',
      '1714550400.5\tCa1\t10.1.0.7\t40000\t10.1.0.9\t80\tGET\tpacs.example\t/patients/77?PATIENT=4711\tViewer/2.1\t200\tjoy.nurse',
      '1714550401.5\tCa2\t10.1.0.8\t40001\t10.1.0.9\t80\tGET\tpacs.example\t/api/version\tViewer/2.2\t200\t-',
    ],
    broken: '1714550401.5\tCa3\t10.1.0.8',
    tells: [
      '10.1.0.7 http.user-agent Viewer/2.1',
      '10.1.0.7 http.request GET /patients/*',
      '10.1.0.9 http.login basic',
      '10.1.0.8 http.user-agent Viewer/2.2',
    ],
  },
  {
    name: 'zeek.json',
    lines: [
      '{"_path":"snmp","ts":1714550400.1,"uid":"Cb1","id.orig_h":"10.1.0.7","id.orig_p":40000,"id.resp_h":"10.1.0.9","id.resp_p":161,"version":"2c","community":"h0rsest4ple","get_requests":2,"get_bulk_requests":0,"get_responses":2,"set_requests":0,"display_string":"APC Web/SNMP Management Card"}',
      '{"_path":"ssh","ts":"2024-05-01T08:00:01.000000Z","uid":"Cb2","id.orig_h":"10.1.0.7","id.orig_p":40001,"id.resp_h":"10.1.0.9","id.resp_p":22,"client":"SSH-2.0-OpenSSH_9.6","server":"SSH-2.0-dropbear_2019.78"}',
    ],
    broken: '{"_path":"ssh","ts":"yesterday","uid":"Cb2"}',
    tells: [
      '10.1.0.9 snmp.sys-descr APC Web/SNMP Management Card',
      '10.1.0.9 snmp.community-default false',
      '10.1.0.9 ssh.software dropbear_2019.78',
    ],
  },
  {
    name: 'eve.json',
    lines: [
      '{"timestamp":"2024-05-01T08:00:00.000001+0000","flow_id":11,"event_type":"http","src_ip":"10.1.0.7","src_port":40000,"dest_ip":"10.1.0.9","dest_port":80,"proto":"TCP","http":{"hostname":"pacs.example","url":"/patients/77?PATIENT=4711","http_user_agent":"Viewer/2.1","http_method":"GET","status":200,"http_content_type":"application/fhir+json"}}',
      '{"timestamp":"2024-05-01T08:00:01.000000+0000","flow_id":12,"event_type":"smb","src_ip":"10.1.0.7","src_port":40001,"dest_ip":"10.1.0.9","dest_port":445,"proto":"TCP","smb":{"dialect":"NT LM 0.12","command":"SMB1_COMMAND_SESSION_SETUP_ANDX","ntlmssp":{"domain":"WARD","user":"joy.nurse","host":"PC-7"}}}',
    ],
    broken: '{"timestamp":"2024-05-01T08:00:01.0',
    tells: [
      '10.1.0.7 http.request GET /patients/*',
      '10.1.0.9 fhir.transport cleartext',
      '10.1.0.9 smb.dialect SMB 1 (NT LM 0.12)',
      '10.1.0.7 ntlm.workstation PC-7',
    ],
  },
  {
    name: 'kea-leases4.csv',
    lines: [
      'address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context',
      `10.1.0.30,${MAC},01:00:09:fb:12:34:56,3600,1714554000,1,0,0,pump-7,0,`,
      '10.1.0.31,00:09:fb:12:34:57,,3600,1714554001,1,0,0,pump-8,0,{ "note": "Sylvia Doe" }',
    ],
    broken: `10.1.0.30,${MAC},,forever,soon,1,0,0,pump-7,0,`,
    tells: [
      `${MAC} 10.1.0.30 dhcp.address 10.1.0.30`,
      `${MAC} dhcp.hostname pump-7`,
      `${MAC} dhcp.client-id 01:00:09:fb:12:34:56`,
      '00:09:fb:12:34:57 10.1.0.31 dhcp.address 10.1.0.31',
    ],
  },
  {
    name: 'DhcpSrvLog-Wed.log',
    lines: [
      '\t\tMicrosoft DHCP Service Activity Log',
      '',
      'Event ID  Meaning',
      '10\tA new IP address was leased to a client.',
      '',
      'ID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, TransactionID, QResult,Probationtime, CorrelationID,Dhcid,VendorClass(Hex),VendorClass(ASCII),UserClass(Hex),UserClass(ASCII),RelayAgentInformation,DnsRegError.',
      '10,05/01/24,08:00:00,Assign,10.1.0.30,pump-7.example,0009FB123456,joy.nurse,123,0,,,,0x4D534654,MSFT 5.0,,,,0',
      '11,05/01/24,09:00:00,Renew,10.1.0.31,pump-8.example,0009FB123457,,124,0,,,,,,,,,0',
    ],
    broken: '10,1st of May,08:00:00,Assign,10.1.0.30,pump-7.example,0009FB123456',
    tells: [
      `${MAC} 10.1.0.30 dhcp.address 10.1.0.30`,
      `${MAC} dhcp.vendor-class MSFT 5.0`,
      '00:09:fb:12:34:57 dhcp.hostname pump-8.example',
    ],
  },
  {
    name: 'detail-20240501',
    lines: [
      'Wed May  1 08:00:00 2024',
      '\tUser-Name = "joy.nurse"',
      '\tAcct-Status-Type = Start',
      '\tCalling-Station-Id = "00-09-FB-12-34-56"',
      '\tCalled-Station-Id = "AA-BB-CC-DD-EE-FF:MEDICAL"',
      '\tFramed-IP-Address = 10.1.0.30',
      '\tNAS-IP-Address = 10.1.0.2',
      '\tNAS-Port-Id = "ge-1/0/7"',
      '\tTimestamp = 1714550400',
      '',
      'Wed May  1 09:00:00 2024',
      '\tUser-Name = "joy.nurse"',
      '\tAcct-Status-Type = Stop',
      '\tCalling-Station-Id = "00-09-FB-12-34-57"',
      '\tNAS-IP-Address = 10.1.0.2',
    ],
    broken: 'no attribute',
    tells: [
      `${MAC} 10.1.0.30 radius.framed-address 10.1.0.30`,
      `${MAC} 10.1.0.30 radius.nas-port ge-1/0/7`,
      '10.1.0.2 radius.ssid MEDICAL',
      '00:09:fb:12:34:57 radius.session stop',
    ],
  },
  {
    name: 'dhcpd.leases',
    lines: [
      '# This lease file was written by isc-dhcp-4.4.3',
      'lease 10.1.0.30 {',
      '  starts 3 2024/05/01 08:00:00;',
      '  ends 3 2024/05/01 09:00:00;',
      '  binding state active;',
      `  hardware ethernet ${MAC};`,
      '  set vendor-class-identifier = "Philips IntelliVue";',
      '  client-hostname "pump-7";',
      '}',
      'lease 10.1.0.31 {',
      '  starts epoch 1714554000; # Wed May  1 09:00:00 2024',
      '  binding state free;',
      '  hardware ethernet 00:09:fb:12:34:57;',
      '  client-hostname "pump-8";',
      '}',
    ],
    broken: '  starts yesterday;',
    tells: [
      `${MAC} 10.1.0.30 dhcp.address 10.1.0.30`,
      `${MAC} dhcp.vendor-class Philips IntelliVue`,
    ],
  },
  {
    name: 'dnsmasq.leases',
    lines: [
      `1714554000 ${MAC} 10.1.0.30 pump-7 01:00:09:fb:12:34:56`,
      '1714554001 00:09:fb:12:34:57 10.1.0.31 * *',
    ],
    broken: '1714554001 pump',
    tells: [
      `${MAC} 10.1.0.30 dhcp.address 10.1.0.30`,
      `${MAC} dhcp.hostname pump-7`,
      '00:09:fb:12:34:57 10.1.0.31 dhcp.address 10.1.0.31',
    ],
  },
  {
    name: 'dhcpd.log',
    lines: [
      `<30>May  1 08:00:00 gw dhcpd[99]: DHCPREQUEST for 10.1.0.30 (10.1.0.1) from ${MAC} (pump-7) via 10.1.9.1`,
      'May  1 08:00:01 gw sshd[100]: Accepted publickey for joy.nurse from 10.1.0.5',
      `May  1 08:00:02 gw dhcpd[99]: DHCPACK on 10.1.0.30 to ${MAC} (pump-7) via 10.1.9.1`,
      '<30>1 2024-05-01T08:00:03.000003Z gw dhcpd 99 - - DHCPACK on 10.1.0.31 to 00:09:fb:12:34:57 via eth0',
    ],
    broken: 'last message repeated 2 times',
    tells: [
      `${MAC} dhcp.requested-address 10.1.0.30`,
      `${MAC} dhcp.hostname pump-7`,
      '10.1.9.1 dhcp.relay-agent 10.1.9.1',
      `${MAC} 10.1.0.30 dhcp.address 10.1.0.30`,
      '00:09:fb:12:34:57 10.1.0.31 dhcp.address 10.1.0.31',
    ],
  },
]
