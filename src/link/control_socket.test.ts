import { afterEach, beforeEach, expect, test } from "vitest";
import { openControlSocket } from "./control_socket.ts";

const group = Deno.gid()!;
let folder: string, path: string;

beforeEach(() => {
  folder = Deno.makeTempDirSync();
  path = `${folder}/link/control.sock`;
});
afterEach(() => Deno.removeSync(folder, { recursive: true }));

const mode = (of: string) => (Deno.lstatSync(of).mode! & 0o7777).toString(8);

test("openControlSocket() lets only its own user in", async () => {
  using _ = await openControlSocket(`${folder}/own.sock`);
  expect(mode(`${folder}/own.sock`)).toBe("600");
});

test("openControlSocket() makes the folder for a group, and finds it made", async () => {
  for (let i = 0; i < 2; i++) {
    using _ = await openControlSocket(path, group);
    expect(mode(path)).toBe("660");
    expect(mode(`${folder}/link`)).toBe("750");
    expect(Deno.statSync(path).gid).toBe(group);
    expect(Deno.statSync(`${folder}/link`).gid).toBe(group);
  }
  // Disposed, the socket is gone and the folder stays.
  expect([...Deno.readDirSync(`${folder}/link`)]).toEqual([]);
});

test("openControlSocket() takes the place of a killed link's socket, but not of one that answers", async () => {
  using first = Deno.listen({ transport: "unix", path: `${folder}/x.sock` });
  await expect(openControlSocket(`${folder}/x.sock`)).rejects.toThrow(
    /^End the other link first: it answers at /,
  );
  first.close();
  using second = await openControlSocket(`${folder}/x.sock`);
  expect(second.listener.addr).toMatchObject({ path: `${folder}/x.sock` });
});

test.each<[string, (at: string) => void]>([
  ["that others may write to", (at) => {
    Deno.mkdirSync(at);
    Deno.chmodSync(at, 0o777);
  }],
  ["that everybody may enter", (at) => {
    Deno.mkdirSync(at);
    Deno.chmodSync(at, 0o755);
  }],
  ["that is a symbolic link", (at) => {
    Deno.mkdirSync(`${at}-elsewhere`, { mode: 0o750 });
    Deno.symlinkSync(`${at}-elsewhere`, at);
  }],
  ["that is a file", (at) => Deno.writeTextFileSync(at, "")],
])("openControlSocket() refuses a folder %s in one line", async (_, make) => {
  make(`${folder}/link`);
  await expect(openControlSocket(path, group)).rejects.toThrow(
    /^Remove .*\/link or name another folder for the socket: it is not the link's own for group \d+ alone \(mode 0750\)$/,
  );
});

test("openControlSocket() says which folder it could not make", async () => {
  await expect(openControlSocket(`${folder}/no/link/x.sock`, group)).rejects.toThrow(
    /^Let the link make the folder .*\/no\/link for group \d+: /,
  );
});
