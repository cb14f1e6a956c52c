// Stores of Corestore 6 and 7, closed when the test has finished.

import Corestore6 from 'corestore-6'
import Corestore7 from 'corestore-7'
import { onTestFinished } from 'vitest'
import { emptyDirectory } from './directories.js'

export function openCorestore7(
  directory = emptyDirectory(),
  options?: ConstructorParameters<typeof Corestore7>[1],
): InstanceType<typeof Corestore7> {
  return closedAfterTest(new Corestore7(directory, options))
}

/** Without options its cores are `compat`: their key is the public key that signs them. */
export function openCorestore6(
  directory = emptyDirectory(),
  options?: ConstructorParameters<typeof Corestore6>[1],
): InstanceType<typeof Corestore6> {
  return closedAfterTest(new Corestore6(directory, options))
}

function closedAfterTest<Store extends { close(): Promise<void> }>(store: Store): Store {
  onTestFinished(() => store.close())
  return store
}
