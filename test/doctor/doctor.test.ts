/** One wire loose at a time, and the doctor names it. Each part of the list of checks is a file under lines/. */
import { answerLines } from "./lines/answerLines.js";
import { commandLines } from "./lines/commandLines.js";
import { conductLines } from "./lines/conductLines.js";
import { gatewayLines } from "./lines/gatewayLines.js";
import { healthyLines } from "./lines/healthyLines.js";
import { installationLines } from "./lines/installationLines.js";
import { nameLines } from "./lines/nameLines.js";
import { peerLines } from "./lines/peerLines.js";
import { recordLines } from "./lines/recordLines.js";
import { resolverLines } from "./lines/resolverLines.js";
import { statementLines } from "./lines/statementLines.js";
import { v2Lines } from "./lines/v2Lines.js";
import { openWard, type Ward } from "./ward.js";

describe("signpost doctor", () => {
  let ward: Ward;
  const theWard = () => ward;

  before(async function () {
    this.timeout(180_000);
    ward = await openWard();
  });
  beforeEach(() => ward.reset());
  after(() => ward.close());

  describe("with everything in order", () => {
    healthyLines(theWard);
  });
  describe("the installations behind the gateways", () => {
    installationLines(theWard);
  });
  describe("chain and name", () => {
    nameLines(theWard);
  });
  describe("the resolver contract", () => {
    resolverLines(theWard);
  });
  describe("a gateway URL", () => {
    gatewayLines(theWard);
  });
  describe("a gateway's answer", () => {
    answerLines(theWard);
  });
  describe("a gateway's conduct", () => {
    conductLines(theWard);
  });
  describe("records, UniversalResolver, profile", () => {
    recordLines(theWard);
  });
  describe("what DM3 keys signed", () => {
    statementLines(theWard);
  });
  describe("peers", () => {
    peerLines(theWard);
  });
  describe("a name in ENSv2", () => {
    v2Lines(theWard);
  });
  describe("the command", () => {
    commandLines(theWard);
  });
});
