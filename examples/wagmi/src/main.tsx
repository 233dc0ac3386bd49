import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { WagmiProvider } from "wagmi";
import { config } from "./config.ts";
import { useProfile } from "./useProfile.ts";

function Profile({ name }: { readonly name: string }) {
  const { data: outcome, error, isPending, refetch } = useProfile(name);
  if (isPending) return <p role="status">Looking up {name} …</p>;
  if (error) return <p role="status">{error.message}</p>;
  switch (outcome.status) {
    case "found":
      return (
        <p role="status">
          Encrypt for {outcome.profile.publicEncryptionKey}, the key of wallet {outcome.address}.
        </p>
      );
    case "absent":
      return <p role="status">Not reachable by DM3. {outcome.sentence}</p>;
    case "unreachable":
      return (
        <p role="status">
          Not known now. {outcome.sentence}{" "}
          <button onClick={() => void refetch()}>Try again</button>
        </p>
      );
    case "untrusted":
      return <p role="alert">Do not write to this name! {outcome.sentence}</p>;
  }
}

function App() {
  const [name, setName] = useState("alice.users.example.eth");
  const [shown, setShown] = useState<string | null>(null);
  return (
    <>
      <h1>Who is behind a name?</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setShown(name);
        }}
      >
        <label>
          ENS name{" "}
          <input
            value={name}
            onChange={({ target }) => {
              setName(target.value);
            }}
          />
        </label>
        <button>Look up</button>
      </form>
      {shown !== null && <Profile name={shown} />}
    </>
  );
}

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <WagmiProvider config={config}>
      <QueryClientProvider client={new QueryClient()}>
        <App />
      </QueryClientProvider>
    </WagmiProvider>
  </StrictMode>,
);
