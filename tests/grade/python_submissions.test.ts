import { cannotRun } from "../cli/lab_stage.ts";
import { lacking, preferPythonItself } from "../foreign/tools.ts";
import { gradesPython } from "./python_submissions.ts";

const why = cannotRun || lacking("python3");
if (why === "") preferPythonItself();
gradesPython("local", why);
