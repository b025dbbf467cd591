-- A timeline item to the studio: its own file where that can be read, else rendered.

local rendering = require("tokenflow_lua.rendering")
local Shot = require("tokenflow_lua.shots")
local studio = require("tokenflow_lua.studio")

local sending = { MARK_COLOUR = "Lavender" }

local function source(desk, item)
    local shot = Shot.of(desk, item)
    local facts = shot:facts(desk)
    local readable, problem = pcall(studio.ask, { "shot", "inspect", shot.spec })
    if readable then
        return studio.send_shot(shot.spec, item:GetName(), facts, "--reference")
    elseif type(problem) ~= "table" then
        error(problem, 0)
    end
    -- A camera's own format, or one that only Resolve reads.
    local folder = studio.new_render_folder()
    facts.rendered = rendering.source(desk, shot, folder)
    return studio.send_shot(folder, item:GetName(), facts, "--move")
end

local function as_seen(desk, item)
    local folder = studio.new_render_folder()
    local facts = {
        mode = "as seen",
        rate = desk:rate(),
        host_first = item:GetStart(),
        host = desk:host(item),
        rendered = rendering.as_seen(desk, item, folder),
    }
    return studio.send_shot(folder, item:GetName(), facts, "--move")
end

-- Mark the item; an earlier mark of ours makes room, since one frame holds one marker.
local function remember(item, package)
    for frame, marker in pairs(item:GetMarkers() or {}) do
        if type(marker) == "table" and marker.name == "TokenFlow" then
            item:DeleteMarkerAtFrame(frame)
        end
    end
    local frame = math.floor(item:GetLeftOffset())
    if not item:AddMarker(frame, sending.MARK_COLOUR, "TokenFlow", "sent to TokenFlow Studio", 1, package) then
        studio.fail(package .. " was made, but Resolve did not take the marker on the clip.")
    end
end

-- Send an item; gives the package's folder, which a marker on the item remembers.
function sending.send(desk, item, baked)
    local package = baked and as_seen(desk, item) or source(desk, item)
    remember(item, package)
    return package
end

return sending
