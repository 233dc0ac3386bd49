/** Which view a place leads to. */
import { domainView } from "./domainView.js";
import { keysView } from "./keysView.js";
import { namesView } from "./namesView.js";
import { nameView } from "./nameView.js";
import { nodesView } from "./nodesView.js";
import type { Place } from "./place.js";
import type { Scene } from "./scene.js";
import { sourceView } from "./sourceView.js";

export function titleOf(place: Place): string {
  switch (place.view) {
    case "names":
      return "Names";
    case "name":
      return place.name;
    case "keys":
      return "Keys";
    case "source":
      return "Data source";
    case "nodes":
      return "Nodes and networks";
    case "domain":
      return "Domain";
  }
}

/** Its parts; each reads by itself. */
export function viewOf(place: Place, scene: Omit<Scene, "place">): readonly HTMLElement[] {
  switch (place.view) {
    case "names":
      return namesView({ ...scene, place });
    case "name":
      return nameView({ ...scene, place });
    case "keys":
      return keysView({ ...scene, place });
    case "source":
      return sourceView({ ...scene, place });
    case "nodes":
      return nodesView({ ...scene, place });
    case "domain":
      return domainView({ ...scene, place });
  }
}
