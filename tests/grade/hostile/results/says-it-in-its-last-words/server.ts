/** Ends with a last word that becomes a part of the grader's own message. */
console.error(
  "\x1b[2J::error::no %0A::notice::100/100 ]]> </failure> # SKIP \u2028 ok 1 - uppercase",
);
Deno.exit(0);
