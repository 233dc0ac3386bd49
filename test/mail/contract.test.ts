/** The suite that every network passes, on a bridge for e-mail and servers of smtp-server. */
import { holdsTheNetworkContract } from "../messaging/networkContract.js";
import { smtpServerProvider } from "./contractProvider.js";
import { openMailContractScene } from "./contractScene.js";

holdsTheNetworkContract("e-mail, through a bridge", () =>
  openMailContractScene(smtpServerProvider),
);
