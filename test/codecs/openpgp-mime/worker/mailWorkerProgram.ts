/** The codec in a thread of its own. */
import { workerData } from "node:worker_threads";
import type { WorkerPort } from "../../../../src/codecs/openpgp-mime/worker/calls.js";
import { serveMailWorker } from "../../../../src/codecs/openpgp-mime/worker/mailWorker.js";

serveMailWorker((workerData as { readonly port: WorkerPort }).port);
