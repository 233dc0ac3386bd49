/** Records that clients can use. */
export const BITCOIN = "0x0014751e76e8199196d454941c45d1b3a323f1433bd6";
export const WEBSITE =
  "0xe3010170122029f2d17be6139079dc48696d1f582a8530eb9805b561eda517e22a892c7e3f1f";
