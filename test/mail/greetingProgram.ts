/** Prints the greeting of the mail server at a port of this machine, with its certificate checked for a name. */
import { greetingOf } from "../../src/mail/smtpGreeting.js";

const [port = "", name = ""] = process.argv.slice(2);
console.log(JSON.stringify(await greetingOf({ host: "127.0.0.1", port: Number(port), name })));
