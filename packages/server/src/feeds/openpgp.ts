import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A key ring of its own in a folder of its own; undefined where gpg is not installed: then nothing was checked. */
export interface KeyRing {
  readonly folder: string
  close(): Promise<void>
}

/** Takes the public keys of a provider into a ring; undefined without gpg. */
export async function importKeys(armored: readonly string[]): Promise<KeyRing | undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), 'wardkeeper-pgp-'))
  const close = () => rm(folder, { recursive: true, force: true })
  for (const [index, key] of armored.entries()) {
    const file = path.join(folder, `key-${index}.asc`)
    await writeFile(file, key)
    const { code } = await gpg(folder, ['--import', file])
    if (code === undefined) {
      await close()
      return undefined
    }
  }
  return { folder, close }
}

/** Why a document is not to be believed by its detached signature; undefined when it is. */
export async function checkSignature(
  ring: KeyRing,
  bytes: Uint8Array,
  signature: Uint8Array | undefined,
): Promise<string | undefined> {
  if (signature === undefined)
    return 'its OpenPGP signature is missing although the provider names keys'
  const [data, detached] = [path.join(ring.folder, 'data'), path.join(ring.folder, 'data.asc')]
  await writeFile(data, bytes)
  await writeFile(detached, signature)
  const { code, output } = await gpg(ring.folder, ['--status-fd', '1', '--verify', detached, data])
  if (code === 0 && output.includes('VALIDSIG')) return undefined
  return 'its OpenPGP signature does not fit: it was changed, or signed with a key that the provider does not name'
}

/** `code` is undefined where there is no gpg. */
function gpg(
  folder: string,
  args: readonly string[],
): Promise<{ code: number | undefined; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(
      'gpg',
      ['--homedir', folder, '--batch', '--no-tty', '--no-autostart', ...args],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    )
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', () => resolve({ code: undefined, output }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}
