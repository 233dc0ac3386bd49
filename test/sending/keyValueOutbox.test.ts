import { memoryKeyValue } from "../../src/sending/keyValue.js";
import { keyValueOutbox } from "../../src/sending/keyValueOutbox.js";
import { holdsTheContract } from "./outboxContract.js";

holdsTheContract("sending: outbox in a key-value store", () => keyValueOutbox(memoryKeyValue()));
