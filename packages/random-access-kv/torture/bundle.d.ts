import type { Mutation } from './mutations.js'

export function bundle(dir: string, mutation: Mutation | null): Promise<void>
