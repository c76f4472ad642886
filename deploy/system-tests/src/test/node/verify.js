// Reads {"secret", "headers", "body"} from standard input. Exits with 0 if the webhook verifies, and with 3 if it does not.
import { readFileSync } from "node:fs";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

const { secret, headers, body } = JSON.parse(readFileSync(0, "utf8"));
try {
  new Webhook(secret).verify(body, headers);
} catch (error) {
  if (!(error instanceof WebhookVerificationError)) throw error;
  console.error(error.message);
  process.exitCode = 3;
}
