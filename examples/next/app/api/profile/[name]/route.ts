/** GET /api/profile/alice.users.example.eth: the outcome as JSON, and its kind as HTTP status. */
import { type Answer, profileOf } from "../../../../lib/profile";

const HTTP_STATUS: Readonly<Record<Answer["status"], number>> = {
  found: 200,
  invalid: 400,
  absent: 404,
  // an upstream server lied, or did not answer
  untrusted: 502,
  unreachable: 503,
};

export async function GET(
  { signal }: Request,
  { params }: { params: Promise<{ name: string }> },
): Promise<Response> {
  const { name } = await params;
  const answer = await profileOf(name, signal);
  return Response.json(answer, {
    status: HTTP_STATUS[answer.status],
    headers: { "cache-control": "no-store" },
  });
}
