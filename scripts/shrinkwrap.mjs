// The part of a package-lock.json that a manifest with fewer dependencies needs, as its npm-shrinkwrap.json.

/** What a package asks for; a peer that may be missing is not among it. */
function wanted(entry) {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = entry;
  const { peerDependenciesMeta = {} } = entry;
  const peers = Object.keys(peerDependencies).filter(
    (name) => peerDependenciesMeta[name]?.optional !== true,
  );
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers];
}

/** Where Node finds `name` from `path`: the nearest folder node_modules that has it; undefined where none has. */
function placeOf(packages, path, name) {
  for (let folder = path; ;) {
    const place = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[place] !== undefined) return place;
    if (folder === "") return undefined;
    const above = folder.lastIndexOf("/node_modules/");
    folder = above === -1 ? "" : folder.slice(0, above);
  }
}

/**
 * @param lock a package-lock.json of version 3
 * @param manifest whose dependencies are some of those that the lock was made for
 */
export function shrinkwrapOf(lock, manifest) {
  const { name, version, license, bin, engines, dependencies, optionalDependencies } = manifest;
  const packages = {
    "": { name, version, license, bin, engines, dependencies, optionalDependencies },
  };
  const waiting = [""];
  while (waiting.length > 0) {
    const path = waiting.pop();
    for (const dependency of wanted(packages[path])) {
      const place = placeOf(lock.packages, path, dependency);
      if (place === undefined && packages[path].dependencies?.[dependency] !== undefined) {
        throw new Error(`${dependency}, which ${path || "the release"} needs, is not in the lock.`);
      }
      if (place === undefined || packages[place] !== undefined) continue;
      const { devOptional, ...entry } = lock.packages[place];
      delete entry.dev;
      packages[place] = { ...entry, ...(devOptional && { optional: true }) };
      waiting.push(place);
    }
  }
  const sorted = Object.keys(packages).sort();
  return {
    ...{ name, version, lockfileVersion: lock.lockfileVersion, requires: true },
    packages: Object.fromEntries(sorted.map((path) => [path, packages[path]])),
  };
}
