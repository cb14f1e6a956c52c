// `node:fs` and `node:fs/promises` of a machine without files. The store refuses directories before it looks for one. All other questions
// (is there another store in this directory?) are answered truly.

function missing(path: unknown): never {
  throw Object.assign(new Error(`ENOENT: a browser has no file ${String(path)}`), { code: 'ENOENT' })
}

async function missingLater(path: unknown): Promise<never> {
  return missing(path)
}

export const existsSync = (): boolean => false

export {
  missing as closeSync,
  missing as fdatasync,
  missing as fstatSync,
  missing as fsyncSync,
  missing as ftruncate,
  missing as mkdirSync,
  missing as openSync,
  missing as read,
  missing as readdirSync,
  missing as readFileSync,
  missing as readSync,
  missing as realpathSync,
  missing as renameSync,
  missing as statSync,
  missing as unlinkSync,
  missing as write,
  missing as writeFileSync,
  missing as writeSync,
  missingLater as chmod,
  missingLater as link,
  missingLater as mkdir,
  missingLater as open,
  missingLater as readdir,
  missingLater as readFile,
  missingLater as rename,
  missingLater as rm,
  missingLater as stat,
}
