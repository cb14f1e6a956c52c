// Makes package-lock.json good for `npm ci` where the registry lacks some packages that are made for other platforms. npm
// leaves optional packages out of the lock file that it cannot find, and `npm ci` then refuses the file. They are put in by
// name and version; `npm ci` installs those of its own platform and passes over the rest. Run it after `npm install`.

import { readFileSync, writeFileSync } from 'node:fs'

const FILE = new URL('../package-lock.json', import.meta.url)
// As biome and turbo name them: cli-darwin-arm64, cli-linux-x64-musl, windows-64.
const PLATFORM = /(android|darwin|linux|windows|win32)-(arm64|x64|64)(-musl)?$/

const lock = JSON.parse(readFileSync(FILE, 'utf8'))
const { packages } = lock
for (const [path, { optionalDependencies = {}, dev, engines, license }] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const location = `node_modules/${name}`
    if (packages[location] || packages[`${path}/${location}`]) continue
    const platform = PLATFORM.exec(name)
    if (platform === null) throw new Error(`${name} is missing, and its name does not tell its platform`)
    const [, system, cpu, musl] = platform
    packages[location] = {
      version,
      cpu: [cpu === '64' ? 'x64' : cpu],
      dev,
      engines,
      ...(musl ? { libc: ['musl'] } : {}),
      license,
      optional: true,
      os: [system === 'windows' ? 'win32' : system],
    }
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`)
