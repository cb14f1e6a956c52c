// `rabin-native`, which Hyperdrive loads for mirrors with the option `dedup`, and needs for nothing else.

class Chunker {
  constructor() {
    throw new Error('A browser cannot cut files into chunks: leave out the option dedup')
  }
}

export default { Chunker }
