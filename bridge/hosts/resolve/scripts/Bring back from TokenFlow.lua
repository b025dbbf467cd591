-- Resolve's menu Workspace > Scripts > TokenFlow Studio: for every edition.

local library = "@LIBRARY@"
-- Not package.path, in which a folder's ";" and "?" have meanings.
table.insert(package.loaders, 2, function(name)
    return (loadfile(library .. "/" .. name:gsub("%.", "/") .. ".lua"))
end)

require("tokenflow_lua.actions").bring_back(library, resolve or Resolve())
