import type { Dissector } from './dissector.ts'
import { addp } from './protocols/addp.ts'
import { ads, adsDiscovery } from './protocols/ads.ts'
import { amqp } from './protocols/amqp.ts'
import { anydesk } from './protocols/anydesk.ts'
import { arp } from './protocols/arp.ts'
import { astm } from './protocols/astm.ts'
import { bacnet } from './protocols/bacnet.ts'
import { bcc } from './protocols/bcc.ts'
import { bittorrent, bittorrentUdp } from './protocols/bittorrent.ts'
import { bsap } from './protocols/bsap.ts'
import { c1222, c1222Udp } from './protocols/c1222.ts'
import { carescape } from './protocols/carescape.ts'
import { cdp } from './protocols/cdp.ts'
import { coap } from './protocols/coap.ts'
import { cotp } from './protocols/cotp.ts'
import { dcerpc } from './protocols/dcerpc.ts'
import { dhcp } from './protocols/dhcp.ts'
import { dhcpv6 } from './protocols/dhcpv6.ts'
import { dicom } from './protocols/dicom.ts'
import { dlms, dlmsUdp } from './protocols/dlms.ts'
import { dnp3, dnp3Udp } from './protocols/dnp3.ts'
import { dns, dnsTcp } from './protocols/dns.ts'
import { dtls } from './protocols/dtls.ts'
import { eapol } from './protocols/eapol.ts'
import { edp } from './protocols/edp.ts'
import { enip, enipUdp } from './protocols/enip.ts'
import { ethercat } from './protocols/ethercat.ts'
import { fins, finsTcp } from './protocols/fins.ts'
import { fox } from './protocols/fox.ts'
import { ftp } from './protocols/ftp.ts'
import { geS5 } from './protocols/ge-s5.ts'
import { geSrtp } from './protocols/ge-srtp.ts'
import { genisys } from './protocols/genisys.ts'
import { hartIp, hartIpTcp } from './protocols/hart-ip.ts'
import { hl7 } from './protocols/hl7.ts'
import { hsrp } from './protocols/hsrp.ts'
import { http } from './protocols/http.ts'
import { http2 } from './protocols/http2.ts'
import { iec104 } from './protocols/iec104.ts'
import { igmp } from './protocols/igmp.ts'
import { imap } from './protocols/imap.ts'
import { intellivue } from './protocols/intellivue.ts'
import { ipmi } from './protocols/ipmi.ts'
import { ipsec } from './protocols/ipsec.ts'
import { iscsi } from './protocols/iscsi.ts'
import { kafka } from './protocols/kafka.ts'
import { kerberos, kerberosTcp } from './protocols/kerberos.ts'
import { knxip, knxipTcp } from './protocols/knxip.ts'
import { lacp } from './protocols/lacp.ts'
import { lantronix } from './protocols/lantronix.ts'
import { ldap, ldapUdp } from './protocols/ldap.ts'
import { lldp } from './protocols/lldp.ts'
import { llmnr } from './protocols/llmnr.ts'
import { lontalk } from './protocols/lontalk.ts'
import { lpd } from './protocols/lpd.ts'
import { mdns } from './protocols/mdns.ts'
import { medibus } from './protocols/medibus.ts'
import { cclink, melsec, melsecUdp } from './protocols/melsec.ts'
import { mld } from './protocols/mld.ts'
import { mms } from './protocols/mms.ts'
import { modbus } from './protocols/modbus.ts'
import { mongodb } from './protocols/mongodb.ts'
import { moxa } from './protocols/moxa.ts'
import { mqtt } from './protocols/mqtt.ts'
import { mssql } from './protocols/mssql.ts'
import { mysql } from './protocols/mysql.ts'
import { nbdgm } from './protocols/nbdgm.ts'
import { nbns } from './protocols/nbns.ts'
import { ndp } from './protocols/ndp.ts'
import { netflow } from './protocols/netflow.ts'
import { ntp } from './protocols/ntp.ts'
import { opcUa } from './protocols/opc-ua.ts'
import { openvpn, openvpnTcp } from './protocols/openvpn.ts'
import { oracle } from './protocols/oracle.ts'
import { phd } from './protocols/phd.ts'
import { pjl } from './protocols/pjl.ts'
import { poct1a } from './protocols/poct1a.ts'
import { pop3 } from './protocols/pop3.ts'
import { postgresql } from './protocols/postgresql.ts'
import { profinet } from './protocols/profinet.ts'
import { profinetIo } from './protocols/profinet-io.ts'
import { ptp, ptpEthernet } from './protocols/ptp.ts'
import { quic } from './protocols/quic.ts'
import { radius } from './protocols/radius.ts'
import { rdp } from './protocols/rdp.ts'
import { redis } from './protocols/redis.ts'
import { rocPlus } from './protocols/roc-plus.ts'
import { rpc, rpcTcp } from './protocols/rpc.ts'
import { rtcp } from './protocols/rtcp.ts'
import { rtp } from './protocols/rtp.ts'
import { rtsp } from './protocols/rtsp.ts'
import { s7comm } from './protocols/s7comm.ts'
import { s7commPlus } from './protocols/s7comm-plus.ts'
import { sip, sipTcp } from './protocols/sip.ts'
import { slp, slpTcp } from './protocols/slp.ts'
import { smb } from './protocols/smb.ts'
import { smtp } from './protocols/smtp.ts'
import { snmp, snmpTcp } from './protocols/snmp.ts'
import { socks } from './protocols/socks.ts'
import { ssdp } from './protocols/ssdp.ts'
import { ssh } from './protocols/ssh.ts'
import { stp } from './protocols/stp.ts'
import { stun, stunTcp } from './protocols/stun.ts'
import { synchrophasor, synchrophasorUdp } from './protocols/synchrophasor.ts'
import { syslog, syslogTcp } from './protocols/syslog.ts'
import { teamviewer, teamviewerUdp } from './protocols/teamviewer.ts'
import { telnet } from './protocols/telnet.ts'
import { tftp } from './protocols/tftp.ts'
import { tls } from './protocols/tls.ts'
import { vnc } from './protocols/vnc.ts'
import { vrrp } from './protocols/vrrp.ts'
import { websocket } from './protocols/websocket.ts'
import { wireguard } from './protocols/wireguard.ts'
import { wsDiscovery } from './protocols/ws-discovery.ts'

export { CaptureReader } from './capture/capture-reader.ts'
export type { CaptureLimits, CaptureProblem, FrameSink } from './capture/format.ts'
export { Cursor, latin1, utf8 } from './cursor.ts'
export type * from './dissector.ts'
export { Engine, type EngineLimits, type EngineOptions } from './engine.ts'
export type { FlowEnd, FlowRecord } from './flow-report.ts'
export { printable } from './printable.ts'
export { pathShape } from './protocols/http-path.ts'

/** Every dissector, sorted by protocol. A dissector that is not in this list does not exist. */
export const DISSECTORS: readonly Dissector[] = [
  addp,
  ads,
  adsDiscovery,
  amqp,
  anydesk,
  arp,
  astm,
  bacnet,
  bcc,
  bittorrent,
  bittorrentUdp,
  bsap,
  c1222,
  c1222Udp,
  carescape,
  cclink,
  cdp,
  coap,
  cotp,
  dcerpc,
  dhcp,
  dhcpv6,
  dicom,
  dlms,
  dlmsUdp,
  dnp3,
  dnp3Udp,
  dns,
  dnsTcp,
  dtls,
  eapol,
  edp,
  enip,
  enipUdp,
  ethercat,
  fins,
  finsTcp,
  fox,
  ftp,
  genisys,
  geS5,
  geSrtp,
  hartIp,
  hartIpTcp,
  hl7,
  hsrp,
  http,
  http2,
  iec104,
  igmp,
  imap,
  intellivue,
  ipmi,
  ipsec,
  iscsi,
  kafka,
  kerberos,
  kerberosTcp,
  knxip,
  knxipTcp,
  lacp,
  lantronix,
  ldap,
  ldapUdp,
  lldp,
  llmnr,
  lontalk,
  lpd,
  mdns,
  medibus,
  melsec,
  melsecUdp,
  mld,
  mms,
  modbus,
  mongodb,
  moxa,
  mqtt,
  mssql,
  mysql,
  nbdgm,
  nbns,
  ndp,
  netflow,
  ntp,
  opcUa,
  openvpn,
  openvpnTcp,
  oracle,
  phd,
  pjl,
  poct1a,
  pop3,
  postgresql,
  profinet,
  profinetIo,
  ptp,
  ptpEthernet,
  quic,
  radius,
  rdp,
  redis,
  rocPlus,
  rpc,
  rpcTcp,
  rtcp,
  rtp,
  rtsp,
  s7comm,
  s7commPlus,
  sip,
  sipTcp,
  slp,
  slpTcp,
  smb,
  smtp,
  snmp,
  snmpTcp,
  socks,
  ssdp,
  ssh,
  stp,
  stun,
  stunTcp,
  synchrophasor,
  synchrophasorUdp,
  syslog,
  syslogTcp,
  teamviewer,
  teamviewerUdp,
  telnet,
  tftp,
  tls,
  vnc,
  vrrp,
  websocket,
  wireguard,
  wsDiscovery,
]
