/**
 * Starts a testbed with a program in it that left its session, says in one JSON line where they are, and stays: a tool
 * to be killed by tests.
 */
import { startLocalTestbed } from "../start_local.ts";

const testbed = await startLocalTestbed({ lab: "trial" });
const daemon = await testbed.startServer({
  command: ["/bin/sh", "-c", "setsid sleep 300 & echo started; wait"],
});
await daemon.stdout.getReader().read();
const state = testbed.control.slice(0, testbed.control.lastIndexOf("/"));
const { link } = JSON.parse(Deno.readTextFileSync(`${state}/run.json`)) as { link: number };
console.log(JSON.stringify({ state, link }));
await testbed.broken;
