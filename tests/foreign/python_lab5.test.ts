import { checksPython } from "./check_python.ts";

checksPython("lab5");
