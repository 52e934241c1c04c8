/** What the reaper's test kills: a process that has started a container in a network by Testcontainers. */
import { Network } from "testcontainers";
import { idleContainer } from "./testcontainers.ts";

const network = await new Network().start();
const container = await idleContainer().withNetwork(network).start();
console.log(`session ${container.getLabels()["org.testcontainers.session-id"]}`);
// Not longer than the test that started it.
for await (const _ of Deno.stdin.readable);
Deno.exit();
