/** docs/source-http.md: its questions are what we ask, and the route to copy gives its answers to them. */
import { verify } from "node:crypto";
import { createPublicKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import express, { type Router } from "express";
import { checkEndpoint } from "../../src/source-http/endpointCheck.js";
import { readAnswer } from "../../src/source-http/endpointAnswer.js";
import { ENDPOINT_BOUNDS } from "../../src/source-http/httpSource.js";
import { signedHeaders } from "../../src/source-http/signedQuestion.js";
import type { PublicKeyJwk } from "../../src/source-http/signingKey.js";
import { expectRejection } from "../expectError.js";
import { openTestSource } from "./openTestSource.js";
import { rfcSigner } from "./sampleKeys.js";
