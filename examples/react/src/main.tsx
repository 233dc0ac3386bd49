import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { ProfileCard } from "./ProfileCard.tsx";

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
        <button
          type="button"
          onClick={() => {
            setShown(null);
          }}
        >
          Close
        </button>
      </form>
      {shown !== null && <ProfileCard name={shown} />}
    </>
  );
}

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
