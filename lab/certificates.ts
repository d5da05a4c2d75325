import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'

interface Wanted {
  /** Distinguished name as openssl wants it, `/O=Maker/CN=host`. */
  readonly subject: string
  /** Validity, `YYYYMMDDHHMMSSZ`; fixed dates, so that a recording says the same whenever it is made. */
  readonly from?: string
  readonly until?: string
  readonly bits?: number
  readonly digest?: string
}

/** Gives a device its self-signed certificate, made once per recording. */
export function certificate(folder: string, wantedJson: string): { key: string; cert: string } {
  const key = join(folder, 'key.pem')
  const request = join(folder, 'request.pem')
  const cert = join(folder, 'cert.pem')
  if (existsSync(cert)) return { key, cert }
  mkdirSync(folder, { recursive: true })
  const wanted = JSON.parse(wantedJson) as Wanted
  const config = join(folder, 'ca.conf')
  const { from = '20240101000000Z', until = '20340101000000Z', bits = 2048 } = wanted
  writeFileSync(join(folder, 'index.txt'), '')
  writeFileSync(join(folder, 'serial'), '10\n')
  writeFileSync(
    config,
    `[ca]\ndefault_ca=d\n[d]\ndatabase=${folder}/index.txt\nserial=${folder}/serial\nnew_certs_dir=${folder}\npolicy=p\ndefault_md=${wanted.digest ?? 'sha256'}\n[p]\ncommonName=supplied\norganizationName=optional\norganizationalUnitName=optional\n[req]\ndistinguished_name=r\n[r]\n`,
  )
  const openssl = (...args: string[]) => {
    const { status, stderr } = spawnSync('openssl', args)
    if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr.toString()}`)
  }
  const name = ['-subj', wanted.subject]
  openssl(
    'req',
    '-config',
    config,
    '-newkey',
    `rsa:${bits}`,
    '-nodes',
    '-keyout',
    key,
    '-out',
    request,
    ...name,
  )
  const dates = ['-startdate', from, '-enddate', until]
  openssl(
    'ca',
    '-batch',
    '-config',
    config,
    '-selfsign',
    '-keyfile',
    key,
    '-in',
    request,
    '-out',
    cert,
    '-notext',
    ...dates,
  )
  return { key, cert }
}
