/** What an app shows of each state. */
import { settings } from "./settings.ts";
import { useProfile } from "./useProfile.ts";

export function ProfileCard({ name }: { readonly name: string }) {
  const { state, lookAgain } = useProfile(name, settings);
  switch (state.status) {
    case "looking":
      return <p role="status">Looking up {name} …</p>;
    case "found":
      return (
        <p role="status">
          Encrypt for {state.profile.publicEncryptionKey}, the key of wallet {state.address}.
        </p>
      );
    case "absent":
      return <p role="status">Not reachable by DM3. {state.sentence}</p>;
    case "unreachable":
      return (
        <p role="status">
          Not known now. {state.sentence} <button onClick={lookAgain}>Try again</button>
        </p>
      );
    case "untrusted":
      return <p role="alert">Do not write to this name! {state.sentence}</p>;
    case "invalid":
      return <p role="status">{state.sentence}</p>;
  }
}
