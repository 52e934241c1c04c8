import { gradesPython } from "../grade/python_submissions.ts";
import { noDocker } from "./engine.ts";

gradesPython("docker", noDocker);
