/** Who signs in the vectors, and where they are served. The keys are public: use them nowhere else. */
import { computeAddress, SigningKey, Wallet } from "ethers";

export const DOMAIN = "users.example.eth";
export const ALICE_NAME = `alice.${DOMAIN}`;
export const BOB_NAME = `bob.${DOMAIN}`;

/** Wallets of users; Alice and Bob of test/vectors/profiles.json, whose profiles dm3's own library signed. */
export const alice = new Wallet(`0x${"11".repeat(32)}`);
export const bob = new Wallet(`0x${"22".repeat(32)}`);

/** Keys of gatewaySigners. */
export const gatewaySigner = new SigningKey(`0x${"44".repeat(32)}`);
export const secondSigner = new SigningKey(`0x${"55".repeat(32)}`);
export const stranger = new SigningKey(`0x${"66".repeat(32)}`);
export const SIGNERS = [gatewaySigner, secondSigner].map((key) => computeAddress(key));

/** A local chain's id, so that the contract itself can judge the vectors. */
export const CHAIN_ID = 31337n;
/** Who deploys the resolver, with nonce 0: so that it has the address that the vectors name. */
export const deployer = new Wallet(`0x${"77".repeat(32)}`);
