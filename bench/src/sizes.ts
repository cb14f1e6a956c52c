// How much work the tasks do: by default, in a full run, and in the rehearsal that comes before every measurement.

/** How much work there is in one measurement. */
export interface Sizes {
  /** Sessions that are opened and closed, one after another. */
  readonly sessions: number
  /** Blocks that are appended one at a time to one core. */
  readonly appends: number
  /** Batches of {@link BATCH} blocks that are appended to one core. */
  readonly batches: number
  /** Blocks that are read, of those appended in batches. */
  readonly reads: number
  /** Blocks of the core that is replicated. */
  readonly replicated: number
  /** Blocks of {@link LARGE_BLOCK} bytes of the core that is replicated. */
  readonly large: number
  /** Blocks of {@link KILOBYTE_BLOCK} bytes of the core that is replicated. */
  readonly kilobytes: number
  /** Peers that are served at once. */
  readonly peers: number
  /** Blocks that each of the peers is served. */
  readonly served: number
  /** Unknown cores that hostile peers request. */
  readonly opens: number
  /** Cores that a hostile peer mirrors. */
  readonly mirrored: number
  /** Cores that an honest peer requests meanwhile, one after the other. */
  readonly asks: number
}

/** The sizes, and how many cores there are in the tasks that have many. */
export interface Scale {
  readonly sizes: Sizes
  /** Each of them is measured; the first is the one that tables show. */
  readonly cores: readonly number[]
  /** The same for the task that lists cores, which needs more of them to take any time. */
  readonly listed: readonly number[]
}

/** In a batch. */
export const BATCH = 1000
/** In bytes. */
export const SMALL_BLOCK = 100
/** In bytes. */
export const LARGE_BLOCK = 65_536
/** In bytes. */
export const KILOBYTE_BLOCK = 1024

export const usual: Scale = {
  sizes: {
    sessions: 5000,
    appends: 3000,
    batches: 20,
    reads: 10_000,
    replicated: 10_000,
    large: 300,
    kilobytes: 10_000,
    peers: 20,
    served: 500,
    opens: 100_000,
    mirrored: 500,
    asks: 40,
  },
  cores: [1000],
  listed: [2000],
}

export const full: Scale = {
  sizes: {
    sessions: 20_000,
    appends: 10_000,
    batches: 100,
    reads: 10_000,
    replicated: 100_000,
    large: 2000,
    kilobytes: 100_000,
    peers: 20,
    served: 2000,
    opens: 1_000_000,
    mirrored: 2000,
    asks: 40,
  },
  cores: [1000, 10_000, 100_000],
  listed: [100_000, 10_000, 1000],
}

/** Enough to load and compile what the measurement runs, and to find what is broken. */
export const rehearsal: Sizes = {
  sessions: 200,
  appends: 200,
  batches: 2,
  reads: 500,
  replicated: 500,
  large: 10,
  kilobytes: 500,
  peers: 2,
  served: 20,
  opens: 500,
  mirrored: 50,
  asks: 1,
}

/** Cores of a rehearsal. */
export const REHEARSAL_CORES = 50
