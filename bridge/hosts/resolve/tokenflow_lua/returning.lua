-- A finished version back into the timeline: above its clip, or in place of an earlier version.

local placing = require("tokenflow_lua.placing")
local sending = require("tokenflow_lua.sending")
local Shot = require("tokenflow_lua.shots")
local studio = require("tokenflow_lua.studio")

local returning = {}

local BIN = "TokenFlow"
local COPIED = { "IDT", "Input Color Space" }

local function numbers(frames)
    local first, last = frames:match("^(-?%d+)%-(-?%d+)$")
    return tonumber(first), tonumber(last)
end

local function package_of(item)
    for _, marker in pairs(item:GetMarkers() or {}) do
        if type(marker) == "table" and marker.name == "TokenFlow" and (marker.customData or "") ~= "" then
            return marker.customData
        end
    end
    return studio.fail(item:GetName() .. " was not sent to TokenFlow Studio yet.")
end

-- The item that an earlier version of this package made: its media carries our mark.
local function earlier_of(desk, item, package)
    for _, other in ipairs(desk:video_items()) do
        local media = other:GetMediaPoolItem()
        if other:GetUniqueId() ~= item:GetUniqueId() and media ~= nil
            and media:GetThirdPartyMetadata("tokenflow_package") == package then
            return other
        end
    end
    return nil
end

local function import_form(version)
    local stem, place, ending = version.media:match("^(.-)(#+)(%.%w+)$")
    if not stem then
        return { version.media }
    end
    local first, last = numbers(version.frames)
    return { { FilePath = stem .. "%0" .. #place .. "d" .. ending, StartIndex = first, EndIndex = last } }
end

-- The version in our bin; media always lands in the current bin, which is set back.
local function imported(desk, version, package)
    local root, folder = desk.pool:GetRootFolder(), nil
    for _, found in ipairs(root:GetSubFolderList() or {}) do
        if found:GetName() == BIN then
            folder = found
        end
    end
    folder = folder or desk.pool:AddSubFolder(root, BIN)
    local former = desk.pool:GetCurrentFolder()
    if not folder or not desk.pool:SetCurrentFolder(folder) then
        studio.fail("Resolve could not open the bin " .. BIN .. ".")
    end
    local clips = studio.restoring(function()
        return desk.pool:ImportMedia(import_form(version))
    end, function()
        desk.pool:SetCurrentFolder(former)
    end)
    local clip = (clips or {})[1]
    if not clip then
        studio.fail("Resolve did not import " .. version.media .. ".")
    end
    clip:SetThirdPartyMetadata("tokenflow_package", package)
    clip:SetClipColor("Teal")
    return clip
end

-- Give the version its source's colour settings and timecode; names what did not take.
local function describe(item, clip, shot)
    local media, refused = item:GetMediaPoolItem(), {}
    local function set(name, value)
        if (value or "") == "" or clip:GetClipProperty(name) == value then
            return
        end
        clip:SetClipProperty(name, value)
        if clip:GetClipProperty(name) ~= value then
            refused[#refused + 1] = name
        end
    end
    if shot.mode == "source" and media ~= nil then
        for _, name in ipairs(COPIED) do
            set(name, media:GetClipProperty(name))
        end
    end
    set("Start TC", shot.timecode)
    return refused
end

-- Mark in the bin where the clip begins in the version; gives what is said.
local function marked(item, clip, start, said)
    local name = item:GetName() .. " begins here"
    if clip:AddMarker(math.max(0, start), sending.MARK_COLOUR, name, said, 1, item:GetUniqueId()) then
        return said
    end
    return said .. " Resolve did not take a marker there."
end

local function placed(desk, item, clip, shot, earlier)
    local first, last = numbers(shot.frames)
    local start = 0
    if shot.mode == "as seen" then
        if item:GetDuration() ~= last - first + 1 then
            return "The clip's length has changed since it was sent: the version is in the bin."
        end
    else
        local source = Shot.of(desk, item)
        start = source.seen_first - first
        if source.retimed then
            return marked(item, clip, start,
                "The clip is retimed: the version is in the bin, for its speed to be set by hand.")
        end
        if start < 0 or source.seen_last > last then
            return marked(item, clip, start,
                "The clip was re-cut beyond its handles: the version is in the bin; send it again.")
        end
    end
    if earlier then
        return placing.replace(desk, earlier, clip)
    end
    return placing.above(desk, item, clip, start, shot.mode == "source")
end

-- Bring the newest version of what was sent from `item`. Gives one sentence about where it is. What
-- cannot be placed goes into the bin alone.
function returning.bring_back(desk, item)
    local package = package_of(item)
    local shot = studio.ask({ "shot", "inspect", package })
    local version = shot.versions[#shot.versions]
    if not version then
        studio.fail("There is no finished version of " .. item:GetName() .. " yet.")
    end
    local earlier = earlier_of(desk, item, package)
    local clip = imported(desk, version, package)
    local refused = describe(item, clip, shot)
    local said = placed(desk, item, clip, shot, earlier)
    if #refused > 0 then
        said = said .. " It did not take over " .. table.concat(refused, ", ") .. "."
    end
    return said
end

return returning
