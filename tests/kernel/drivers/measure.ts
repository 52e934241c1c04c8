/** Measures ways on the machine that it runs on: reads what (JSON) from standard input, writes a line for each. */
import { type DriverName, Way } from "./way.ts";
import type { ToMeasure } from "./measured.ts";

const { drivers, wanted } = JSON.parse(await new Response(Deno.stdin.readable).text()) as {
  drivers: DriverName[];
  wanted: ToMeasure[];
};
for (const driver of drivers) {
  await using way = await Way.start(driver);
  for (const asked of wanted) console.log(JSON.stringify(await way.measure(asked)));
}
