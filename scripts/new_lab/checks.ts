/** What is graded in lab0. */
import { defineChecks } from "../../src/grade/mod.ts";

export const checks = defineChecks([
  {
    id: "server-answers",
    title: "What a client sends comes back",
    points: 50,
    program: "server",
    hint: "Send what a read has brought back to the client, on the same connection",
    async run(bench) {
      const text = `${bench.random.text(20)}\n`;
      await bench.startServer();
      const stream = await bench.step("a client connects", () => bench.connect());
      await bench.step("it sends a line", () => stream.send(text));
      await bench.step("the line comes back", () => stream.expect(text));
    },
  },
  {
    id: "client-prints",
    title: "The client sends the lines that it reads, and prints what comes back",
    points: 50,
    program: "client",
    hint: "Read standard input and send it; at the same time read from the connection and print",
    async run(bench) {
      const line = bench.random.text(20);
      const answer = `${bench.random.text(20)}\n`;
      const listener = await bench.listen();
      const client = await bench.startClient();
      const stream = await bench.step("the client connects", () => listener.accept());
      await client.type(line);
      await bench.step("the line that is typed arrives", () => stream.expect(`${line}\n`));
      await bench.step("the server sends another", () => stream.send(answer));
      await bench.step("the client prints it", () => client.prints(answer));
    },
  },
]);
