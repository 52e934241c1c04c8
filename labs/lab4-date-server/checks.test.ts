import { keepsContract } from "../../tests/labs/contract.ts";

keepsContract(import.meta.url);
