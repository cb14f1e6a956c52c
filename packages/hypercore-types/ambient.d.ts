// Declares the packages of the Hypercore stack that have no types of their own, so that importing them is typed. Add
// `/// <reference types="@coreyard/hypercore-types/ambient" />` to a file, or the same name to `types` in tsconfig.json.
// b4a, compact-encoding and streamx bring their own types.

/// <reference path="./ambient/crypto.d.ts" />
/// <reference path="./ambient/hypercore.d.ts" />
/// <reference path="./ambient/random-access.d.ts" />
/// <reference path="./ambient/swarm.d.ts" />
