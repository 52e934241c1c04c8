import { cannotRun } from "../cli/lab_stage.ts";
import { gradesAlike } from "./graded_alike.ts";

gradesAlike("local", cannotRun);
