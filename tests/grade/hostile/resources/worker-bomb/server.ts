/** Starts Workers that start Workers, each with memory of its own. */
const source = `
  const kept = [];
  for (;;) {
    kept.push(new Uint8Array(1 << 20).fill(1));
    new Worker(import.meta.url, { type: "module" });
  }`;
const url = URL.createObjectURL(new Blob([source], { type: "text/typescript" }));
for (;;) {
  new Worker(url, { type: "module" });
  await new Promise((resolve) => setTimeout(resolve, 1));
}
