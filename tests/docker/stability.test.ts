import { gradesAlike } from "../grade/graded_alike.ts";
import { noDocker } from "./engine.ts";

gradesAlike("docker", noDocker);
