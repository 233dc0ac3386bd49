// npm run clients-table: puts every client into every case, and writes what each shows into docs/clients.md
import { writeDocument } from "../test/clients/clientsDocument.js";
import { observeClients } from "../test/clients/observe.js";

await writeDocument(await observeClients());
process.exit(0);
