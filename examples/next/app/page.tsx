/** A server component: the visitor's browser gets HTML, and asks nobody else. */
import { type Answer, profileOf } from "../lib/profile";

interface Props {
  readonly searchParams: Promise<{ readonly name?: string | string[] }>;
}

export default async function Page({ searchParams }: Props) {
  const name = [(await searchParams).name ?? []].flat()[0];
  return (
    <main>
      <h1>Who is behind a name?</h1>
      <form>
        <label>
          ENS name <input name="name" defaultValue={name ?? "alice.users.example.eth"} />
        </label>
        <button>Look up</button>
      </form>
      {name !== undefined && <p role="status">{textOf(await profileOf(name))}</p>}
    </main>
  );
}

function textOf(answer: Answer): string {
  switch (answer.status) {
    case "found":
      return `Encrypt for ${answer.profile.publicEncryptionKey}, the key of wallet ${answer.address}.`;
    case "absent":
      return `Not reachable by DM3. ${answer.sentence}`;
    case "unreachable":
      return `Not known now; try again. ${answer.sentence}`;
    case "untrusted":
      return `Do not write to this name! ${answer.sentence}`;
    case "invalid":
      return answer.sentence;
  }
}
