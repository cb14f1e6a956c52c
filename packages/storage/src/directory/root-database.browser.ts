// In a browser there is no RocksDB, and so no database of an older Corestore or another program.

export async function hasRootDatabase(): Promise<boolean> {
  return false
}

export async function otherFamilies(): Promise<string[]> {
  return []
}
