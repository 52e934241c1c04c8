/**
 * The kernel's netem, for tests on a kernel that has one.
 * @module
 */
export { type Chains, tapDevices, type TapEnd, type Way } from "./names.ts";
export { KernelNetem, type Ready, type Watched } from "./kernel_netem.ts";
export { canChange, type Had, had, netemWords, type TcWords } from "./netem_text.ts";
export { probeTc, type TcFacts } from "./probe.ts";
export { type ListedQdisc, netemDifference, readListing } from "./read_back.ts";
