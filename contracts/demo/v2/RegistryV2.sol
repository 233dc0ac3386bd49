// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title One level of ENSv2's registries, as far as resolution needs it
/// @notice A stand-in on local chains for ENS's PermissionedRegistry: who may write is not decided here.
/// @dev An entry that has expired counts as if it were not there, and so does everything below it.
contract RegistryV2 {
    struct Entry {
        address resolver;
        RegistryV2 subregistry;
        uint64 expiry;
    }

    mapping(bytes32 labelHash => Entry) private _entries;

    /// @notice Registers `label` anew.
    function register(
        string calldata label,
        address resolver,
        RegistryV2 subregistry,
        uint64 expiry
    ) external {
        _entries[keccak256(bytes(label))] = Entry(resolver, subregistry, expiry);
    }

    function getResolver(string calldata label) external view returns (address) {
        Entry storage entry = _entries[keccak256(bytes(label))];
        return _isLive(entry) ? entry.resolver : address(0);
    }

    function getSubregistry(string calldata label) external view returns (RegistryV2) {
        Entry storage entry = _entries[keccak256(bytes(label))];
        return _isLive(entry) ? entry.subregistry : RegistryV2(address(0));
    }

    /// @notice When the entry of a label's hash ends, also if that is past; 0 without an entry.
    function getExpiry(uint256 labelId) external view returns (uint64) {
        return _entries[bytes32(labelId)].expiry;
    }

    function _isLive(Entry storage entry) private view returns (bool) {
        return block.timestamp < entry.expiry;
    }
}
