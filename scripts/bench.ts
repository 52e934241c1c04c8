/** `deno task bench`: every `*.bench.ts` in turn, each alone, since they share the machine's cores. */
const files: string[] = [];
for (const folder of ["src", "tests"]) collect(folder);
const wanted = files.sort().filter((file) => Deno.args.every((word) => file.includes(word)));

let failed = 0;
for (const file of wanted) {
  console.log(`\n${file}`);
  // Those that register with Deno.bench need its runner; the others measure by themselves.
  const registers = Deno.readTextFileSync(file).includes("Deno.bench(");
  const args = registers ? ["bench", "-A", file] : ["run", "-A", file];
  const child = new Deno.Command(Deno.execPath(), { args, stdout: "inherit", stderr: "inherit" });
  if (!(await child.spawn().status).success) failed++;
}
Deno.exit(failed === 0 ? 0 : 1);

function collect(folder: string): void {
  for (const entry of Deno.readDirSync(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) collect(path);
    else if (entry.name.endsWith(".bench.ts")) files.push(path);
  }
}
