-- Placing a version on the timeline. Every answer of Resolve is read back.

local studio = require("tokenflow_lua.studio")

local placing = {}

local NOT_PLACED = "Resolve did not place the version: it is in the bin."

-- Clips can be deleted on the Edit page alone.
local function on_edit_page(desk, action)
    local page = desk.resolve:GetCurrentPage()
    desk.resolve:OpenPage("edit")
    return studio.restoring(action, function()
        desk.resolve:OpenPage(page)
    end)
end

-- Append; whether the end frame counts differs between versions, so the length is read back.
local function appended(desk, item, media, start, track)
    local wanted = item:GetDuration()
    for _, ending in ipairs({ start + wanted, start + wanted - 1 }) do
        local placed = (desk.pool:AppendToTimeline({ {
            mediaPoolItem = media,
            startFrame = start,
            endFrame = ending,
            mediaType = 1,
            trackIndex = track,
            recordFrame = item:GetStart(),
        } }) or {})[1]
        if placed == nil or placed:GetDuration() == nil then
            return nil -- something lies there already, and it wins
        end
        if placed:GetDuration() == wanted and placed:GetStart() == item:GetStart() then
            return placed
        end
        desk.timeline:DeleteClips({ placed }, false)
    end
    return nil
end

-- Grade and transform of the clip; gives the names of what did not take.
local function copy_look(item, placed)
    local lost = {}
    if not item:CopyGrades({ placed }) then
        lost.grade = true
    end
    for name, value in pairs(item:GetProperty() or {}) do
        if placed:GetProperty(name) ~= value then
            placed:SetProperty(name, value)
            if placed:GetProperty(name) ~= value then
                lost[name] = true
            end
        end
    end
    return lost
end

local function with_lost(said, lost)
    local names = {}
    for name in pairs(lost) do
        names[#names + 1] = name
    end
    if #names == 0 then
        return said
    end
    table.sort(names)
    return said .. " Set by hand: " .. table.concat(names, ", ") .. "."
end

local function add_track(desk, index)
    local before = desk.timeline:GetTrackCount("video")
    desk.timeline:AddTrack("video", { index = index })
    if desk.timeline:GetTrackCount("video") ~= before + 1 then
        studio.fail("Resolve did not add a track: the version is in the bin.")
    end
end

-- On a new track directly above the clip's own, so that titles stay on top. start: index of the
-- version's first frame to show. Gives one sentence.
function placing.above(desk, item, media, start, looks)
    local track = item:GetTrackTypeAndIndex()[2] + 1
    add_track(desk, track)
    return on_edit_page(desk, function()
        local placed = appended(desk, item, media, start, track)
        if not placed then
            desk.timeline:DeleteTrack("video", track)
            studio.fail(NOT_PLACED)
        end
        local said = ("The version lies on track %d, above its clip."):format(track)
        return with_lost(said, looks and copy_look(item, placed) or {})
    end)
end

-- Show the new version where the earlier one is, with its cut; gives one sentence.
function placing.replace(desk, earlier, media)
    local track = earlier:GetTrackTypeAndIndex()[2]
    local start = math.floor(earlier:GetLeftOffset())
    local above = desk.timeline:GetTrackCount("video") + 1
    add_track(desk, above)
    return on_edit_page(desk, function()
        local placed = appended(desk, earlier, media, start, above)
        if not placed then
            desk.timeline:DeleteTrack("video", above)
            studio.fail(NOT_PLACED)
        end
        local lost = copy_look(earlier, placed)
        desk.timeline:DeleteClips({ earlier }, false)
        local moved = appended(desk, placed, media, start, track)
        if not moved then
            return ("The new version lies on track %d, the earlier one was removed."):format(above)
        end
        for name in pairs(copy_look(placed, moved)) do
            lost[name] = true
        end
        desk.timeline:DeleteClips({ placed }, false)
        desk.timeline:DeleteTrack("video", above)
        return with_lost(("The new version took the earlier one's place on track %d."):format(track), lost)
    end)
end

return placing
