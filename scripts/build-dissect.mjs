// Builds `packages/dissect` into what can be published: one ES module, its types, a README, no dependency.
//   npm run build:dissect            into packages/dissect/dist; `npm pack packages/dissect/dist` makes the tarball
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const source = join(root, 'packages/dissect')

/** Writes the package into a folder, which is emptied first; throws when the types cannot be made. */
export async function buildDissect(target = join(source, 'dist')) {
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  await build({
    root: source,
    configFile: false,
    logLevel: 'error',
    build: {
      lib: { entry: join(source, 'src/index.ts'), formats: ['es'], fileName: () => 'index.js' },
      outDir: target,
      emptyOutDir: false,
      target: 'es2024',
      minify: false,
    },
  })
  writeTypes(join(target, 'types'))
  for (const file of ['README.md']) cpSync(join(source, file), join(target, file))
  cpSync(join(root, 'LICENSE'), join(target, 'LICENSE'))
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest(), undefined, 2)}\n`)
  return target
}

/** Declarations of what the module exports and of all that they refer to. */
function writeTypes(folder) {
  const build = ['--composite', 'false', '--incremental', 'false', '--tsBuildInfoFile', 'null']
  const options = ['--declaration', '--emitDeclarationOnly', ...build]
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', source, '--outDir', folder, ...options],
    { encoding: 'utf8', cwd: root },
  )
  if (status !== 0) throw new Error(`The types could not be made:\n${stdout}`)
  // Node and older compilers know a declaration by `.js`, not by `.ts`.
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, name)
    if (!name.endsWith('.d.ts')) continue
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replaceAll(/(from '|import\(')(\.[^']*)\.ts'/g, "$1$2.js'"))
  }
}

/** What of our own manifest holds for the published package. */
function manifest() {
  const own = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  const { name, version, description, license } = own
  return {
    name,
    version,
    description,
    license,
    keywords: ['pcap', 'pcapng', 'dissector', 'passive', 'hl7', 'dicom', 'bacnet', 'modbus', 'ja4'],
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20' },
    exports: { '.': { types: './types/index.d.ts', default: './index.js' } },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = await buildDissect(process.argv[2] && resolve(process.argv[2]))
  process.stdout.write(`${target}\n`)
}
