/** What is graded in lab3, in the order in which a student meets it. */
import { defineChecks } from "../../src/grade/mod.ts";
import { keyboardChecks } from "./checks/keyboard.ts";
import { pingerChecks } from "./checks/pinger.ts";
import { serverChecks } from "./checks/server.ts";

export const checks = defineChecks([...serverChecks, ...keyboardChecks, ...pingerChecks]);
