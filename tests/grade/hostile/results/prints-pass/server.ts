/** Prints what graders print of a program that passes, and answers wrong. */
const words = [
  "PASS",
  "✓ all tests passed (100/100)",
  "TAP version 14",
  "1..1",
  "ok 1 - uppercase",
  "::notice title=Grade::100/100",
  "::add-mask::6",
  "::set-output name=score::100",
  "::stop-commands::pause",
  "::endgroup::",
  "##[error]no",
  "prints-pass: 6/6",
  '{"score": 100, "tests": [{"status": "passed"}]}',
  '<testsuite tests="1" failures="0"/>',
  "\r\x1b[1A\x1b[2K✓ prints-pass  6/6",
];
for (const word of words) {
  console.log(word);
  console.error(word);
}

const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 12000 });
for await (const [_, from] of socket) {
  for (const word of words) console.log(word);
  await socket.send(new TextEncoder().encode("PASS"), from);
}
