module.exports = {
  // what stands in for other people's contracts
  // many calls or many bytes: minutes under instrumentation, and no statement more
  mocha: {
    grep: "which one transaction can pay for|counts with the length|single bit of its 520",
    invert: true,
  },
  skipFiles: ["demo", "test"],
  istanbulReporter: ["json-summary", "text"],
  istanbulFolder: "./coverage",
};
