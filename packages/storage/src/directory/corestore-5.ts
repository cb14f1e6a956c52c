// Stores of Corestore 5, whose cores Hypercore 11 cannot read.

/** The message for a store of Corestore 5, after the name of the storage. */
export function corestore5Says(masterKey: string): string {
  return (
    `holds a store of Corestore 5 (${masterKey}), whose cores Hypercore 11 cannot read: choose another storage, and copy ` +
    'the blocks as docs/upgrading.md says'
  )
}
