/** Hypercore's protocol; the id of a channel is the core's discovery key (hypercore 11, lib/replicator.js). */
export const PROTOCOL = 'hypercore/alpha'
