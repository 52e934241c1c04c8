import { expect, test } from "vitest";

const read = (path: string) => Deno.readTextFileSync(new URL(`../${path}`, import.meta.url));
const labs = [...Deno.readDirSync(new URL("../labs", import.meta.url))]
  .filter(({ name }) => /^lab\d/.test(name)).map(({ name }) => name).sort();
const statements = (text: string) =>
  text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

test("the compose files of the checkout include each lab's, and say nothing else", () => {
  expect(statements(read("compose.yaml")))
    .toEqual(["include:", ...labs.map((lab) => `  - labs/${lab}/compose.yaml`)]);
  expect(statements(read("compose.ipv6.yaml"))).toEqual([
    "include:",
    ...labs.flatMap((lab) => [
      "  - path:",
      `      - labs/${lab}/compose.yaml`,
      `      - labs/${lab}/compose.ipv6.yaml`,
    ]),
  ]);
});

test("common.yaml names the images and their bases as deno.json and the Dockerfiles do", () => {
  const common = read("labs/common.yaml");
  const { version } = JSON.parse(read("deno.json")) as { version: string };
  expect(new Set(common.match(/(?<=image: ).*/g)))
    .toEqual(new Set([`socklab/programs:${version}`, `socklab/link:${version}`]));
  for (const image of ["programs", "link"]) {
    const dockerfile = read(`images/${image}/Dockerfile`);
    for (const name of ["DENO", "DEBIAN"]) {
      const [, base] = new RegExp(`^ARG ${name}=(.*)$`, "m").exec(dockerfile)!;
      expect(common).toContain(`  ${name}: \${LAB_BASE_${name}:-${base}}`);
    }
  }
});

test("each lab's containers are the common ones, in a network without an address of the host's", () => {
  for (const lab of labs) {
    const text = read(`labs/${lab}/compose.yaml`);
    const id = lab.split("-")[0]!;
    for (
      const [service, base] of [[`${id}-link`, "link"], [`${id}-server`, "server"], [id, "client"]]
    ) {
      expect(text).toContain(
        `  ${service}:\n    extends: { file: ../common.yaml, service: ${base} }`,
      );
    }
    expect(text).toContain("    internal: true");
    expect(text).toContain('com.docker.network.bridge.inhibit_ipv4: "true"');
    expect(text).toContain(`    network_mode: service:${id}-link`);
    expect(text.match(/depends_on: .*/g)).toEqual([
      `depends_on: { ${id}-link: &with { condition: service_started, restart: true } }`,
      `depends_on: { ${id}-link: *with, ${id}-server: *with }`,
    ]);
    expect(text).not.toMatch(/privileged|cap_add|ports:/);
    // Only what the server's arguments speak of is its to write.
    const manifest = JSON.parse(read(`labs/${lab}/lab.json`)) as {
      arguments: { server: string[] };
    };
    const logs = manifest.arguments.server.includes("{logs}");
    expect(text.match(/volumes: .*/g) ?? [])
      .toEqual(logs ? ['volumes: ["${LAB_OUT:-../../out}:/socklab/out"]'] : []);
  }
});
