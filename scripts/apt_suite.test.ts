import { expect, test } from "vitest";
import { suiteSource } from "./apt_suite.ts";

const KEY = "/usr/share/keyrings/debian-archive-keyring.gpg";

test("suiteSource() takes mirror and key from deb822 sources, not from updates or others", () => {
  const other = "Types: deb\nURIs: https://other.test/node\nSuites: nodistro\nComponents: main\n";
  const debian = `# the machine's own
Types: deb
# a snapshot
URIs: http://security.test/debian
Suites: bookworm-security
Components: main
Signed-By: ${KEY}

Types: deb deb-src
URIs: http://mirror.test/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: ${KEY}
`;
  const files = [{ name: "a.sources", text: other }, { name: "debian.sources", text: debian }];
  expect(suiteSource(files, "bookworm", "trixie")).toBe(
    `Types: deb\nSuites: trixie\nComponents: main\nURIs: http://mirror.test/debian\nSigned-By: ${KEY}\n`,
  );
});

test("suiteSource() keeps a key that is written out in the sources", () => {
  const text = `Types: deb
URIs: http://mirror.test/debian
Suites: bookworm
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEZ
 -----END PGP PUBLIC KEY BLOCK-----
`;
  expect(suiteSource([{ name: "debian.sources", text }], "bookworm", "trixie")).toContain(
    "Signed-By: \n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mDMEZ\n",
  );
});

test("suiteSource() reads sources.list, with options and without", () => {
  const list = (text: string) =>
    suiteSource([{ name: "sources.list", text }], "bookworm", "trixie");
  expect(list(`# deb http://off.test/debian bookworm main
deb-src http://mirror.test/debian bookworm main
deb http://mirror.test/debian bookworm-updates main
deb http://mirror.test/debian/ bookworm main non-free # the usual
`)).toBe("Types: deb\nSuites: trixie\nComponents: main\nURIs: http://mirror.test/debian/\n");
  expect(list(`deb [arch=amd64 signed-by=${KEY} trusted=yes] http://mirror.test/d bookworm main\n`))
    .toBe(
      `Types: deb\nSuites: trixie\nComponents: main\nURIs: http://mirror.test/d\nSigned-By: ${KEY}\nTrusted: yes\n`,
    );
});

test("suiteSource() finds nothing in sources that are off, or of another release", () => {
  const text = "Types: deb\nURIs: http://m.test\nSuites: bookworm\nComponents: main\nEnabled: no\n";
  expect(suiteSource([{ name: "d.sources", text }], "bookworm", "trixie")).toBeUndefined();
  const jammy = "deb http://mirror.test/ubuntu jammy main\n";
  expect(suiteSource([{ name: "s.list", text: jammy }], "bookworm", "trixie")).toBeUndefined();
});
